# Whether what listens on a port of this container says at /health that it can work: bash deploy/healthy.sh PORT. No Node starts
# for it, which a host that is short of processor time could not do in time.
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET /health HTTP/1.0\r\nHost: health\r\n\r\n' >&3
read -r answer <&3
[[ $answer == *' 200 '* ]]
