"""Long work of a provider in the background: state, progress and resumption are rows, so a restart loses nothing.

``services`` makes and moves jobs, ``tasks`` runs them, ``workers`` says what does the work of each kind.
"""
