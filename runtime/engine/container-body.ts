/**
 * The body of `POST /containers/create`, in the engine's own spelling (Docker Engine API 1.41), so that what a flag
 * does can be looked up there. Only what `nmzc run` can set.
 */
export interface ContainerBody {
  Image: string;
  Cmd?: string[];
  Entrypoint?: string[];
  Env?: string[];
  Labels?: Record<string, string>;
  Hostname?: string;
  Domainname?: string;
  MacAddress?: string;
  User?: string;
  WorkingDir?: string;
  StopSignal?: string;
  StopTimeout?: number;
  Tty?: boolean;
  OpenStdin?: boolean;
  StdinOnce?: boolean;
  AttachStdin?: boolean;
  AttachStdout?: boolean;
  AttachStderr?: boolean;
  ExposedPorts?: Record<string, Record<string, never>>;
  Volumes?: Record<string, Record<string, never>>;
  Healthcheck?: {
    Test?: string[];
    Interval?: number;
    Timeout?: number;
    Retries?: number;
    StartPeriod?: number;
    StartInterval?: number;
  };
  HostConfig: HostConfig;
  NetworkingConfig?: {
    EndpointsConfig: Record<string, EndpointBody>;
  };
}

export interface EndpointBody {
  Aliases?: string[];
  IPAMConfig?: { IPv4Address?: string; IPv6Address?: string; LinkLocalIPs?: string[] };
  Links?: string[];
  MacAddress?: string;
  DriverOpts?: Record<string, string>;
  GwPriority?: number;
}

export interface ThrottleBody {
  Path: string;
  /** Bytes, or operations, per second. */
  Rate: number;
}

export interface HostConfig {
  AutoRemove?: boolean;
  Binds?: string[];
  Mounts?: MountBody[];
  VolumesFrom?: string[];
  Tmpfs?: Record<string, string>;
  PortBindings?: Record<string, { HostIp: string; HostPort: string }[]>;
  PublishAllPorts?: boolean;
  NetworkMode?: string;
  Privileged?: boolean;
  CapAdd?: string[];
  CapDrop?: string[];
  Devices?: { PathOnHost: string; PathInContainer: string; CgroupPermissions: string }[];
  Memory?: number;
  MemorySwap?: number;
  MemoryReservation?: number;
  MemorySwappiness?: number;
  NanoCpus?: number;
  CpuShares?: number;
  CpuPeriod?: number;
  CpuQuota?: number;
  CpuRealtimePeriod?: number;
  CpuRealtimeRuntime?: number;
  CpusetCpus?: string;
  CpusetMems?: string;
  BlkioWeight?: number;
  BlkioWeightDevice?: { Path: string; Weight: number }[];
  BlkioDeviceReadBps?: ThrottleBody[];
  BlkioDeviceWriteBps?: ThrottleBody[];
  BlkioDeviceReadIOps?: ThrottleBody[];
  BlkioDeviceWriteIOps?: ThrottleBody[];
  DeviceCgroupRules?: string[];
  ShmSize?: number;
  StorageOpt?: Record<string, string>;
  Ulimits?: { Name: string; Soft: number; Hard: number }[];
  PidsLimit?: number;
  ExtraHosts?: string[];
  Dns?: string[];
  DnsSearch?: string[];
  DnsOptions?: string[];
  Init?: boolean;
  ReadonlyRootfs?: boolean;
  SecurityOpt?: string[];
  /** Empty lists take docker's own masks off (systempaths=unconfined). */
  MaskedPaths?: string[];
  ReadonlyPaths?: string[];
  IpcMode?: string;
  PidMode?: string;
  UTSMode?: string;
  UsernsMode?: string;
  CgroupParent?: string;
  CgroupnsMode?: string;
  GroupAdd?: string[];
  LogConfig?: { Type: string; Config: Record<string, string> };
  Sysctls?: Record<string, string>;
  OomScoreAdj?: number;
  OomKillDisable?: boolean;
  Runtime?: string;
  Annotations?: Record<string, string>;
}

export interface MountBody {
  Type: "bind" | "volume" | "tmpfs";
  Source?: string;
  Target: string;
  ReadOnly?: boolean;
  BindOptions?: { Propagation?: string; NonRecursive?: boolean };
  VolumeOptions?: {
    NoCopy?: boolean;
    Labels?: Record<string, string>;
    DriverConfig?: { Name?: string; Options?: Record<string, string> };
  };
  TmpfsOptions?: { SizeBytes?: number; Mode?: number };
}
