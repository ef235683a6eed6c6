#!/bin/sh
# Brings Temporal's two PostgreSQL databases to the schema of this server's version, and makes the one of Mainspan's operation store,
# which makes its tables by itself. May run again: it then only updates.
set -eu

bring() { # DATABASE FOLDER
  # Both refuse what is there already; whether it is good is what the update finds out.
  temporal-sql-tool --db "$1" create || true
  temporal-sql-tool --db "$1" setup-schema -v 0.0 || true
  temporal-sql-tool --db "$1" update-schema -d "/etc/temporal/schema/postgresql/v12/$2/versioned"
}

bring temporal temporal
bring temporal_visibility visibility
temporal-sql-tool --db mainspan create || true
