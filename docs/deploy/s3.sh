#!/bin/sh
# For compose.yaml: the account of the application in the S3 store, which may use its own bucket and nothing else. Run at
# each start, so that a new secret in .env counts then.
set -eu

admin() {
    versitygw admin --access "$ROOT_ACCESS_KEY" --secret "$ROOT_SECRET_KEY" --endpoint-url "$ENDPOINT" "$@"
}

tries=0
until admin list-users > /dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || exit 1
    sleep 1
done
admin create-user --access ikz --secret "$S3_SECRET" --role user || admin update-user --access ikz --secret "$S3_SECRET"
admin change-bucket-owner --bucket ikz --owner ikz
