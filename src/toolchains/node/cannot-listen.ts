// Tells the scripts that can't open a port, so that nobody is shown an address for them.

/** Node's own modules with which nothing can listen: no sockets, no other programs, no further threads. */
const HARMLESS = new Set(
  (
    "assert async_hooks buffer console constants crypto diagnostics_channel events fs fs/promises module os path perf_hooks " +
    "process punycode querystring readline readline/promises sqlite stream stream/promises string_decoder timers " +
    "timers/promises url util v8 zlib"
  ).split(" "),
);

const IMPORT =
  /\b(?:require|import)\s*\(\s*["']([^"'\n]+)["']\s*\)|\bfrom\s*["']([^"'\n]+)["']|\bimport\s*["']([^"'\n]+)["']/g;

/** True only when the source itself shows it: all that it imports is harmless, and it names nothing that listens. */
export function cannotListen(source: string): boolean {
  if (
    source.trim() === "" ||
    /listen|serve|\bPORT\b|\b(?:Bun|Deno|eval|Function)\b|\bprocess\.binding/i.test(source)
  )
    return false;
  const named = [...source.matchAll(IMPORT)];
  const calls = source.match(/\b(?:require|import)\s*\(/g)?.length ?? 0;
  const literal = named.filter(([text]) => text.includes("(")).length;
  if (calls > literal) return false;
  return named.every(([, call, from, plain]) =>
    HARMLESS.has((call ?? from ?? plain ?? "").replace(/^node:/, "")),
  );
}
