"""The commands of ``python -m data``: what they take, do and print."""
