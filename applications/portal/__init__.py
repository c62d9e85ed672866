"""The municipalities' door: shows findings and calls workflow.take(); it knows no rule."""
