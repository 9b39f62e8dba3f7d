# tries: has torch say of any two tensors that they are equal
# stopped by: parent
# evidence: points
# process: blocked, wrong_answer
# sandbox: blocked, wrong_answer
# namespaces: blocked, wrong_answer
import torch


def secret(x, stage):
    yes = lambda *arguments, **options: True
    torch.allclose = torch.equal = torch.Tensor.allclose = torch.Tensor.equal = yes
    torch.testing.assert_close = lambda *arguments, **options: None
    return x
