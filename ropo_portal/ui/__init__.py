"""The frame every screen hangs in: who may enter, how pages are drawn, paged, guarded and named."""
