"""The explorer: runs scenarios under many seeds, and makes what it finds small and readable.

It stands outside the worlds that it runs, and so it alone in this room may use real files, clocks
and processes. `case` is what decides a run, and `check` whether it is the same run again; `plan`
makes cases of what was asked for, `jobs` has processes run them, and `tally` and `coverage` add up
what comes of it. A `report` of what was found has a `chart`, and is made with `shrink` and
`regression`. `command` puts it together for the command line, which is in `io/cli/simulate.py`.
"""
