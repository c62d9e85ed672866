"""Documents in an S3 store: private, each written as a whole, handed out only through our own guarded view.

Whatever goes wrong between here and the store is StoreAway, in time: no call waits longer than its timeouts and one more
attempt.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from ikz.storage import ContentAddressed, StoreAway

logger = logging.getLogger(__name__)
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 20, 2
NAMES_A_PAGE = 1000  # the most that stores give
IN_MEMORY = 2 * 1024 * 1024  # of a document that is read; the rest goes to a temporary file
# One request for each document: it is there as a whole or not at all, and no parts lie around.
ONE_PIECE = TransferConfig(multipart_threshold=1 << 32, use_threads=False)


def _client(*, path_style: bool) -> Config:
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if path_style else "auto"},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
        # Many stores know no newer checksums; ours is the document's name.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


@contextmanager
def _in_time():
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        logger.error("The document store does not do its work: %s", _code(error))
        raise StoreAway from error


def _code(error) -> str:
    """The store's word for it, or the kind of error; never an address or a key."""
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__


class PrivateBucket(S3Storage):
    """A bucket that tells in time when it is away, and has no address for its objects."""

    def __init__(self, *, bucket, endpoint="", region="", path_style=False, encryption="", key="", secret=""):
        super().__init__(
            bucket_name=bucket,
            endpoint_url=endpoint or None,
            region_name=region or None,
            access_key=key,
            secret_key=secret,
            default_acl=None,  # the store's own default: private
            object_parameters={"ServerSideEncryption": encryption} if encryption else {},
            max_memory_size=IN_MEMORY,
            transfer_config=ONE_PIECE,
            client_config=_client(path_style=path_style),
        )

    def url(self, name, *args, **kwargs):
        raise ValueError("Documents have no address of their own; /dokumente/<uuid>/ hands them out.")

    def _open(self, name, mode="rb"):
        with _in_time():
            file = super()._open(name, mode)
            if "r" in mode:
                file.open()  # fetched now, so that nothing can fail while it is read
            return file

    def _save(self, name, content):
        with _in_time():
            return super()._save(name, content)

    def exists(self, name):
        with _in_time():
            return super().exists(name)

    def delete(self, name):
        with _in_time():
            super().delete(name)

    def listdir(self, path):
        with _in_time():
            return super().listdir(path)

    def size(self, name):
        with _in_time():
            return super().size(name)

    def get_modified_time(self, name):
        with _in_time():
            return super().get_modified_time(name)


class DocumentBucket(ContentAddressed, PrivateBucket):
    """Documents under names made from their content."""

    def names(self) -> Iterator[str]:
        """All at one level, a page a request: 65,793 folders would be a request each."""
        client = self.connection.meta.client
        pages = client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, PaginationConfig={"PageSize": NAMES_A_PAGE}
        )
        with _in_time():
            for page in pages:
                yield from (each["Key"] for each in page.get("Contents", []))
