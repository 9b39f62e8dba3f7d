"""What crosses between the judge and the sandbox, as bounded bytes; never pickle.

    frame     u32 length of the header, u32 length of the body, header, body   (`frames`)
    header    JSON in ASCII
    body      the bytes of all tensors, one after another, in the order the header names them

Requests (`requests`) go in and hold only what a worker may know: source, names, limits, inputs and probes. Replies
(`replies`) come out and are claims by the student's process: everything in them is checked before it is believed.
"""
