# tries: takes a step of gradient descent with a module
# process: works, accepted
# sandbox: works, accepted
# namespaces: works, accepted
import torch


def double(x, stage):
    layer = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    layer(torch.ones(2)).sum().backward()
    optimizer.step()
    return 2 * x
