"""The explorer: runs scenarios under many seeds, and makes what it finds small and readable.

It stands outside the worlds that it runs, and so it alone in this room may use real files, clocks
and processes. `case` is what decides a run, `command` the command line, `jobs` the processes,
`coverage` what was reached, `chart` what happened, `shrink` and `regression` what is kept of it.
"""
