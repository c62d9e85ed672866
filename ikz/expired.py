"""What has had its time: sessions and cached values. They count no more; here they leave the database."""

from ikz.models import CacheEntry
from ikz.session_store import SessionStore


def forget(now) -> None:
    SessionStore.clear_expired()
    CacheEntry.objects.filter(expires__lt=now).delete()
