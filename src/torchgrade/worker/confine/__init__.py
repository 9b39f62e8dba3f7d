"""Confinement: what stands between a submission's code and everything else; one file for each layer.

walls          all layers of a level: made ready in the zygote, put on by each child
  namespaces   a world of its own: file system (`root`), processes, network
  landlock     files: what may be read; nothing may be changed
  seccomp      system calls: one process that computes, reads and answers (`syscalls`: the table)
  capabilities, descriptors, limits, session
readable       the files that code on tensors needs
libc           calls that Python's modules do not have
"""
