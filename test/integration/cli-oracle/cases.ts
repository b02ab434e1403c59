export interface OracleCase {
  readonly words: readonly string[];
  /** Older command lines of docker's do not know it, or send it otherwise. */
  readonly minimumVersion: number;
}

/**
 * Command lines after `create` that docker takes: ours must send the same. Split at spaces; "␣" is a space in a word, a
 * number in front is the version of docker's command line that it takes.
 */
export const accepted: readonly OracleCase[] = split(`
img
img true
img sh -c echo␣$X -it --rm
-it img
-ti img bash
--rm img
--rm=false img
--rm=true img
--interactive=0 -t img
-i=true img
-it=false img
-- img -x
--name web img
--name=web img
-e A=1 -e B=2 img
-eA=1 img
-e=A=1 img
-e FROM_HERE -e MISSING -e EMPTY -e A= img
--env-file env img
--env-file env -e A=3 img
--env-file=env --env-file env img
-w /src img
-w=/src img
-w/src img
--workdir=/src -u 1000:1000 img
-u nobody img
--entrypoint sh img -c true
--entrypoint= img
--entrypoint=sh --entrypoint=bash img
-l a=1 -l b -l c=x=y img
--label-file labels -l x=2 img
--init img
--init=false img
--stop-signal SIGINT --stop-timeout 5 img
--stop-timeout=0 img
--stop-timeout 010 img
--stop-timeout 0x10 img
--restart no img
--restart= img
--platform linux/amd64 img
--pull never img
28 -q img
--log-driver none img
--log-driver json-file --log-opt max-size=1m --log-opt max-file=3 img
--log-opt tag img
-v /a:/b img
-v /a:/b:ro img
-v /a:/b:ro,z -v /c:/d:rslave img
28 -v ./rel:/b img
28 -v ../rel:/b/ img
28 -v .:/b img
-v data:/data -v cache:/cache:ro,nocopy img
-v /anon img
-v=/a:/b:rw img
-v/a:/b img
-v /a:/b -v /a:/b img
--volume /a:/b:Z,ro,rshared img
--mount type=bind,source=/a,target=/b img
--mount type=bind,src=/a,dst=/b,readonly img
28 --mount type=bind,src=./rel,dst=/b,ro=true,bind-propagation=rslave img
28 --mount type=bind,src=/a,dst=/b,bind-recursive=enabled img
--mount type=volume,source=data,destination=/data,volume-nocopy img
--mount type=volume,source=data,destination=/data,volume-label=a=b,volume-driver=local,volume-opt=type=nfs,volume-opt=o=addr=1.2.3.4 img
--mount target=/anon img
--mount source=data,target=/data img
--mount "type=bind","src=/a,b",dst=/c img
--mount type=tmpfs,target=/t img
--mount type=tmpfs,target=/t,tmpfs-size=64m,tmpfs-mode=1770 img
--mount TYPE=bind,SOURCE=/a,TARGET=/b img
--tmpfs /run --tmpfs /tmp:rw,size=64m img
--read-only img
--storage-opt size=10G img
-p 80 img
-p 8080:80 img
-p 127.0.0.1:8080:80 img
-p 127.0.0.1::80 img
-p 8080:80/udp -p 8080:80/tcp img
-p 53:53/UDP img
-p 8000-8002:9000-9002 img
-p 8000-8010:80 img
-p 9000-9002 img
-p [::1]:8080:80 img
28 -p ::1:8080:80 img
-p [fe80::2]::80/sctp img
-p published=8080,target=80,protocol=udp img
-p published=8080,target=80 img
-p 80:80 -p 81:80 img
--publish 1.2.3.4:1-3:1-3 img
--expose 80 --expose 100-102/udp img
--expose 80 -p 80:80 img
-P img
--network none img
--net bridge img
--net=mynet img
--network container:other img
--network mynet --network-alias web --network-alias api img
--net mynet --net-alias web --ip 172.30.0.5 --ip6 2001:db8::33 img
--network mynet --link-local-ip 169.254.1.2 img
--network name=mynet,alias=web,ip=172.30.0.5 img
28 --network name=mynet,alias=web,alias=api,mac-address=92:d0:c6:0a:29:33,driver-opt=a=b img
--network one --network two --ip 10.0.0.2 img
28 --mac-address 92:d0:c6:0a:29:33 img
28 --mac-address 92-d0-c6-0a-29-33 --network mynet img
-h box --domainname example.com img
-hbox img
--hostname=box img
28 --add-host a:1.2.3.4 --add-host b=::1 --add-host c:[::1] --add-host d:host-gateway img
--add-host my:::1 img
--dns 8.8.8.8 --dns 2001:4860:4860:0:0:0:0:8888 img
--dns-search example.com --dns-search . --dns-search a.b. img
--dns-option ndots:2 --dns-opt use-vc img
-m 512m img
-m=64M --memory-swap -1 img
--memory 1.5g --memory-swap=3GiB --memory-reservation 100MB img
--memory 6291456 img
--memory 6291456b img
--memory=8␣mb img
--memory-swappiness 10 img
--memory-swappiness 0 img
--cpus 1.5 img
--cpus 3/2 img
--cpus 5e-1 img
--cpus .5 img
--cpu-shares 512 img
-c 512 img
--cpu-period 100000 --cpu-quota 50000 img
--cpu-rt-period 1000000 --cpu-rt-runtime 950000 img
--cpuset-cpus 0,1 --cpuset-mems 0 img
--pids-limit 100 img
--pids-limit -1 img
--shm-size 128m img
--ulimit nofile=1024:2048 --ulimit core=-1 --ulimit core=0 img
--ulimit nproc=5 img
--blkio-weight 300 --blkio-weight-device /dev/sda:200 img
--device-read-bps /dev/sda:1mb --device-write-bps /dev/sda:1024 img
--device-read-iops /dev/sda:100 --device-write-iops /dev/sdb:200 img
--oom-kill-disable --oom-score-adj -500 img
--privileged img
28 --cap-add NET_ADMIN --cap-add SYS_TIME --cap-drop ALL img
--cap-add=ALL img
--security-opt no-new-privileges img
--security-opt seccomp=unconfined --security-opt label=disable img
--security-opt seccomp=seccomp.json img
--security-opt seccomp:unconfined img
--security-opt apparmor=profile --security-opt systempaths=unconfined img
--group-add audio --group-add 1001 img
--device /dev/null img
--device /dev/null:/dev/nothing img
--device /dev/null:r img
--device /dev/null:/dev/nothing:rw img
--device-cgroup-rule c␣42:*␣rmw img
--sysctl net.ipv4.ip_forward=1 --sysctl kernel.msgmax=65536 img
--ipc host img
--ipc container:abc img
--pid host --uts host --userns host img
--pid container:abc img
--cgroupns private --cgroup-parent /x img
--runtime runc img
--health-cmd true --health-interval 1m30s --health-timeout 500ms --health-retries 3 --health-start-period 2s img
--health-cmd curl␣-f␣localhost␣||␣exit␣1 img
--no-healthcheck img
--health-interval 0s img
--disable-content-trust img
28 --network name=mynet,gw-priority=5 img
28 --annotation a=b img
28 --health-start-interval 5s --health-interval 5s img
`);

/** What docker's command line refuses by itself: ours must too, whatever the words. */
export const refused: readonly OracleCase[] = split(`
--bogus img
-z img
-itz img
--rm=maybe img
---x img
--=x img
-e
--name
--memory abc img
--memory -5 img
--memory 5x img
--memory 5kbb img
--cpus abc img
--cpus 0.1234567891 img
--stop-timeout 5s img
--stop-timeout 1.5 img
--pids-limit many img
-p foo img
-p 80:foo img
-p 1-3:1-2 img
-p 80/icmp img
-p 99999 img
-p 300.1.1.1:80:80 img
-p 80: img
-p published img
--expose 1:2 img
--expose foo img
--ulimit nofile img
--ulimit foo=1 img
--ulimit nofile=2:1 img
--ulimit nofile=1:2:3 img
--mount type=bind img
--mount target img
--mount type=bind,src=/a,target=/b,volume-nocopy img
--mount type=tmpfs,target=/b,tmpfs-size=x img
--mount type=tmpfs,target=/b,tmpfs-mode=9 img
--mount bogus=1,target=/b img
--mount type=bind,src=/a,target=/b,bind-recursive=maybe img
--mount type=bind,src=/a,target=/b,bind-recursive=readonly img
28 -v /a:/b:ro:x img
28 -v ::: img
--dns 1.2.3 img
--dns-search 123 img
--add-host foo img
--add-host :1.2.3.4 img
--add-host a:nonsense img
--mac-address xyz img
28 --network-alias web img
--network bridge --network-alias web img
--network name=a,ip=1.2.3.4 --ip 1.2.3.5 img
--network a --network a img
--network a --network bridge img
--network alias=x img
--network name=x,bogus=1 img
--health-interval 5 img
--health-interval -5s img
--no-healthcheck --health-cmd true img
--sysctl vm.swappiness=1 img
--sysctl net.x img
--security-opt seccomp=missing.json img
--security-opt foo img
--device relative img
--device /dev/null:/dev/null:rwx img
--device /a:/b:r:w img
--device-cgroup-rule nonsense img
--device-read-bps sda:1 img
--device-read-iops /dev/sda:1mb img
--blkio-weight-device /dev/sda:5 img
--memory-swappiness 101 img
--pid bogus img
--uts bogus img
--userns bogus img
--cgroupns bogus img
28 --pull sometimes img
--env-file missing img
-e =x img
-l =x img
-l a␣b=c img
--log-driver none --log-opt a=b img
--attach stdfoo img
--storage-opt x img
`);

function split(text: string): readonly OracleCase[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [first = "", ...rest] = line.split(" ").map((word) => word.replaceAll("␣", " "));
      const isVersion = /^\d+$/.test(first);
      return isVersion
        ? { words: rest, minimumVersion: Number(first) }
        : { words: [first, ...rest], minimumVersion: 0 };
    });
}
