#!/bin/sh
# For compose.yaml: the role of the application, which is no superuser, and its database. The image runs this once, when
# its folder is empty.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$DATABASE_PASSWORD" --username="${POSTGRES_USER:-postgres}" --dbname=postgres <<'SQL'
CREATE ROLE ikz LOGIN PASSWORD :'password';
CREATE DATABASE ikz OWNER ikz ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
SQL
