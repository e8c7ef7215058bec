"""Lets the stand-in start without Django: `python -m ropo_portal.sandbox`."""

from .launch import main

main()
