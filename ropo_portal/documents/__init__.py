"""Room: PDF documents, the drafts we draw and the files Ropo gives us."""
