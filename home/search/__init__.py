"""Search over everything: catalogue, institutions, policies, notices, questions and downloads in one page."""
