"""Every served dialect times every upstream dialect, as the providers' own SDKs see it.

A scripted upstream for each dialect (`upstreams`) plays one row of `rows` and checks what it is
asked; a judge for each dialect (`judges`) asks the row's question with the official SDK and says in
neutral words what its user saw. Neither knows our product. `survival` says what of an answer a
dialect can say at all; everything else must arrive exactly.
"""
