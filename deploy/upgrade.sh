#!/bin/sh
# Replaces what runs here by what was built, so that callers notice as little as can be: sh deploy/upgrade.sh [SERVICE …]
# Run it in the folder of docker-compose.yml once `docker compose build` is done. The database comes first, then each service
# that is named (default: all that run), one replica after the other: the new one is healthy before the old one is told to stop,
# and the old one finishes what it has. Only what is published on a port of its own, the console and a gateway without the
# proxy, stops before the next one starts, which is made by then. It can be repeated: what is already as it should be stays.
set -eu

say() { echo "upgrade: $*" >&2; }
running() { docker compose ps --quiet --status running "$1"; }
count() { running "$1" | wc -l; }
up() { docker compose up --detach --no-build --no-deps --wait "$@"; }

# Whether another one of these cannot run beside it: it has a port of this host, or one of a few.
is_alone() {
  docker inspect --format '{{range .HostConfig.PortBindings}}{{range .}}{{.HostPort}} {{end}}{{end}}' "$1" | grep -qE '(^| )[1-9][0-9-]*( |$)'
}

# Whether compose would make this container anew: it runs another image than the service has now, or other settings.
is_old() { # CONTAINER SERVICE
  [ "$(docker inspect --format '{{.Image}}' "$1")" != "$(docker image inspect --format '{{.Id}}' "$image")" ] ||
    [ "$(docker inspect --format '{{index .Config.Labels "com.docker.compose.config-hash"}}' "$1")" != "$hash" ]
}

# Made and not started: the next one, or what an interrupted run has left.
made() { docker compose ps --all --quiet --status created "$1"; }

# One more than there are, made and not started.
make() { # SERVICE
  docker compose up --no-start --no-build --no-deps --no-recreate --scale "$1=$(($(count "$1") + 1))" "$1"
}

swap() { # SERVICE CONTAINER
  make "$1"
  next=$(made "$1")
  docker stop "$2" >/dev/null
  if ! docker start "$next" >/dev/null; then
    docker start "$2" >/dev/null
    say "$1: the next one does not start; the one before is back"
    exit 1
  fi
  docker rm "$2" >/dev/null
  up --no-recreate --scale "$1=$(count "$1")" "$1"
}

replace() { # SERVICE
  for each in $(made "$1"); do docker rm "$each" >/dev/null; done
  hash=$(docker compose config --hash "$1" | cut -d ' ' -f 2)
  all=$(running "$1")
  image=$(docker inspect --format '{{.Config.Image}}' $all | head -n 1)
  for each in $all; do
    is_old "$each" || continue
    if is_alone "$each"; then
      say "$1: one stops, the next one starts"
      swap "$1" "$each"
    else
      say "$1: one beside it, then this one stops"
      up --no-recreate --scale "$1=$(($(count "$1") + 1))" "$1"
      docker stop "$each" >/dev/null
      docker rm "$each" >/dev/null
    fi
  done
}

[ $# -gt 0 ] || set -- usage-metering key-registry inference-router auth gateway proxy
up postgres nats
# The bus knows what the services of this release may say before the first of them says it. From inside: who is sent a signal by
# `docker kill`, any signal, has been stopped by hand for the engine, and is not started again after a crash.
docker compose exec -T nats sh -c 'kill -HUP $(pidof nats-server)'
say 'the database'
docker compose run --rm --no-deps migrate
for service in "$@"; do
  [ "$(count "$service")" -eq 0 ] || replace "$service"
done
say 'done'
