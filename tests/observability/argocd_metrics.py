"""Stands in for Argo CD: serves its metrics, under the names and labels of the real ones, with counters that grow."""
import http.server, threading, time

NAMES_OF_DEV = {"shop-dev", "pay-dev", "broken-dev"}
APPS = (("shop-dev", "OutOfSync", "Healthy"), ("pay-dev", "Synced", "Degraded"), ("broken-dev", "Unknown", "Healthy"), ("shop-prod", "Synced", "Healthy"))


def histogram(name, labels, count):
    lines = [f'{name}_bucket{{{labels},le="{limit}"}} {count}' for limit in ("0.5", "1", "+Inf")]
    return lines + [f"{name}_sum{{{labels}}} {count / 4}", f"{name}_count{{{labels}}} {count}"]


def exposition(count):
    lines = []
    for name, sync, health in APPS:
        app = f'namespace="argocd",name="{name}",project="default-dev"'
        lines.append(f'argocd_app_info{{{app},dest_namespace="{name}",sync_status="{sync}",health_status="{health}"}} 1')
        lines += [f'argocd_app_sync_total{{{app},phase="{phase}"}} {count}' for phase in ("Succeeded", "Failed")]
    lines += histogram("argocd_app_reconcile", 'namespace="argocd",dest_server="https://kubernetes.default.svc"', count)
    repository = 'repo="https://git.example.com/gitops"'
    lines.append(f'argocd_git_request_total{{{repository},request_type="fetch"}} {count}')
    lines += histogram("argocd_git_request_duration_seconds", f'{repository},request_type="fetch"', count)
    lines.append(f"argocd_repo_pending_request_total{{{repository}}} 1")
    lines += [f"process_cpu_seconds_total {count}", "process_resident_memory_bytes 1e8", "process_start_time_seconds 1"]
    return "\n".join(lines) + "\n"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = exposition(int(time.monotonic() * 10)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve(port):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
