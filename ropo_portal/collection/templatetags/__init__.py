"""Room: words for the templates of lists."""
