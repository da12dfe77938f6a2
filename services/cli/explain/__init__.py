"""`isowire explain`: a page with everything that was read out of it marked where it stands, and why."""
