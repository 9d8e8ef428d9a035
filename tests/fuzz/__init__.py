"""Whatever clients and endpoints send: only the exceptions of the protocol come out, in bounds.

`mutate` changes valid requests and answers (`corpus`), by bytes and by structure; `targets` are the
parsers and readers with what must hold of them. test_fuzz.py runs them in every check; `guided`
does so led by coverage, for longer (`make fuzz`).
"""
