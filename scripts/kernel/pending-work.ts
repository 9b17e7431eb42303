/**
 * What keeps Node's event loop busy, by kind, as far as it comes to an end by itself. Servers, file watchers and the
 * streams of the process are left out: they wait for others. The kernel's own sockets and unreferenced timers are not
 * listed by Node.
 */
const FINITE =
  /^(Timeout|Immediate|FSReq\w*|\w*ReqWrap|\w*ConnectWrap|TCPSocketWrap|TLSWrap|ProcessWrap|Process|Worker|MessagePort|\w*Job|\w*Request|Zlib|Brotli\w*)$/;

function counts(): Map<string, number> {
  const result = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (FINITE.test(kind)) result.set(kind, (result.get(kind) ?? 0) + 1);
  }
  return result;
}

/** Compares with what was active before the first cell, so that the kernel's own work does not count. */
export class PendingWork {
  private readonly baseline = counts();

  exists(): boolean {
    for (const [kind, count] of counts()) {
      if (count > (this.baseline.get(kind) ?? 0)) return true;
    }
    return false;
  }
}
