#!/bin/sh
# Gives a folder and all that is in it to a user, once: own-data.sh UID:GID FOLDER. The folder itself comes last, so that a run
# that was broken off is done again.
set -eu
owner=$1 folder=$2
[ "$(stat -c %u:%g "$folder")" = "$owner" ] && exit 0
find "$folder" -depth -mindepth 1 -exec chown -h "$owner" {} +
chown "$owner" "$folder"
