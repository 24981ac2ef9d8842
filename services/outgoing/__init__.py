"""Files that leave: exports, templates, and the jobs that write long ones."""
