#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What is there before the first command of a page: stile is installed, an issuer has sold tickets, a site file stands.
set -euo pipefail

source=/host/source
mkdir -p /usr/libexec/stile /usr/share/doc/stile/examples /etc/stile /etc/credstore /usr/local/bin /root/work
for program in stiled stile-reader stile-sync stile-display; do ln -sf /host/bin/$program /usr/libexec/stile/; done
for program in /host/bin/stile{ctl,-issue,-collector}; do ln -sf "$program" /usr/bin/; done
cp $source/systemd/*.{service,target,timer} /usr/lib/systemd/system/
cp $source/systemd/*.toml /usr/share/doc/stile/examples/
mkdir -p /usr/share/doc/stile-collector/examples
cp $source/sync/{broker/acl,broker/mosquitto.conf,monitoring/*.yml} $source/systemd/collector.toml /usr/share/doc/stile-collector/examples/
echo "127.0.0.1 broker.arena.example" >>/etc/hosts
cat $source/systemd/*.sysusers | systemd-sysusers - >/dev/null
install -d -o stile -g stile -m 700 /var/lib/stile
install -d -o stile -g stile /run/stile
install -d -o stile-collector -g stile-collector -m 700 /var/lib/stile-collector
# Played, since this machine was never booted.
ln -sf $source/tests/house/handbook/systemctl.py /usr/local/bin/systemctl
cat >/usr/local/bin/sudo <<'EOF'
#!/bin/sh
[ "$1" != -u ] || { user=$2; shift 2; exec runuser -u "$user" -- "$@"; }
exec "$@"
EOF
chmod +x /usr/local/bin/sudo
install -d -o mosquitto /run/mosquitto

# Programs of these users read what is bound in here.
chmod 755 /host /root
cd /root/work
stile-issue keygen --issuer my-festival --event 2026 --dense-serials 0-99999 --no-passphrase --out my-festival >/dev/null
stile-issue ticket --key my-festival.key --event 2026 --serial 1 --until +6h --png 1.png --text >1.txt
stile-issue ticket --key my-festival.key --event 2026 --serial 2 --until +6h --text >2.txt
mkdir -p /var/lib/pictures
cp 1.png /var/lib/pictures/
cp my-festival.toml /etc/stile/keys.toml
sed 's,^source = .*,source = "/var/lib/pictures",' $source/systemd/stile.toml >/etc/stile/stile.toml
echo "my-festival 2026 99" >revocations.txt
printf 'ref,product,seat,name\nA1,1,Block C 4,Ada\nA2,1,,Bob\n' >guests.csv
printf 'product,class,title,until\n1,guest,Summer,+1d\n' >products.csv
