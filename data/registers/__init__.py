"""From an office's file to rows of the contract, checked one by one.

The way: ``read`` gives the file's cells and geometries as they are (``RawTable``); ``columns`` finds
which heading is which field; ``values`` makes typed values of text; ``positions`` turns coordinates
into WGS-84 degrees and finds the subdistrict; ``validation`` puts these together into accepted rows
and findings; ``difference`` compares them with what stands; ``staging`` keeps the outcome on disk
until it is published (``data.publishing``). Nothing here changes the store.
"""
