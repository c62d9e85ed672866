from applications.admin import application

__all__ = ["application"]
