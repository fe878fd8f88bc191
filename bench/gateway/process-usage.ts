import { readFileSync } from "node:fs";

/** What a process has used so far. Linux only. */
export interface ProcessUsage {
  /** Of all its threads, in user and kernel mode. Unit: seconds, counted in hundredths. */
  readonly cpuSeconds: number;
  /** Resident now. Unit: MiB. */
  readonly residentMiB: number;
  /** Most that was resident. Unit: MiB. */
  readonly peakMiB: number;
}

/** `USER_HZ`: a constant of Linux's interface to programs on every architecture Node runs on. */
const TICKS_PER_SECOND = 100;

/** Reads `/proc`, see proc(5). Throws when the process is gone or the system is not Linux. */
export function processUsage(pid: number): ProcessUsage {
  const read = (file: string): string => readFileSync(`/proc/${pid}/${file}`, "utf8");
  // The name, second and in brackets, may hold spaces; fields are counted from behind it, where the third one begins.
  const stat = read("stat");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  const status = read("status");
  const mebibytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
  return {
    cpuSeconds: (user + system) / TICKS_PER_SECOND,
    residentMiB: mebibytes("VmRSS"),
    peakMiB: mebibytes("VmHWM"),
  };
}
