#!/bin/sh
# Runs a server of this deployment that is not ours with its certificate: servers want a key that only they can read, which
# a mounted one is not, so they get copies in /tmp. When a file is renewed, the copies are too, and the server is told to read
# its files again (SIGHUP); no connection ends.
# Usage: with-certificate.sh COMMAND [ARGUMENTS]; INTERNAL_TLS=off runs the command alone. RELOAD_ON: further files to watch.
set -eu

from=${CERTIFICATES:-/run/orgn/tls}
to=${COPIES:-/tmp/tls}
every=${EVERY_SECONDS:-5}

copy() {
  mkdir -p -m 700 "$to"
  for name in ca.crt tls.crt tls.key; do
    cp "$from/$name" "$to/$name.new" && chmod 600 "$to/$name.new" && mv "$to/$name.new" "$to/$name" || return 1
  done
}

# What they hold, and no digest of it: not every image has a command for one.
# shellcheck disable=SC2086 # RELOAD_ON is a list.
state() {
  cat "$from/ca.crt" "$from/tls.crt" "$from/tls.key" ${RELOAD_ON:-} 2>/dev/null || true
}

if [ "${INTERNAL_TLS:-on}" != off ]; then copy; fi

# nats-server takes no password from a file; in quotes, for without them it could read as a number.
if [ -n "${NATS_OPS_PASSWORD_FILE:-}" ]; then
  NATS_OPS_PASSWORD="\"$(cat "$NATS_OPS_PASSWORD_FILE")\""
  export NATS_OPS_PASSWORD
fi

# The image would read this file at each start, and leave the password in the server's environment. Only the first one needs it.
if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then
  if [ ! -s "${PGDATA:-}/PG_VERSION" ]; then
    POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
    export POSTGRES_PASSWORD
  fi
  unset POSTGRES_PASSWORD_FILE
fi

# $$ stays the process that becomes the server.
(
  known=$(state)
  while sleep "$every" && kill -0 $$ 2>/dev/null; do
    found=$(state)
    [ "$found" = "$known" ] && continue
    # A renewal that is under way is taken the next time.
    if [ "${INTERNAL_TLS:-on}" != off ]; then copy || continue; fi
    known=$found
    kill -HUP $$
  done
) &

exec "$@"
