// The few small HTML pages of the API itself. The dashboard is elsewhere.
import { createHash } from "node:crypto";

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:52rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8884}
code{background:#8882;padding:.1rem .3rem;border-radius:.2rem}.running{color:#18813c}.failed,.unhealthy,.backing-off{color:#c0271f}`;

const styleHash = createHash("sha256").update(STYLE).digest("base64");

/** Content-Security-Policy of these pages: nothing but their own style. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** A page. `title` is plain text, `body` is HTML: escape what it quotes. */
export const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${escapeHtml(title)}</title><style>${STYLE}</style><h1>${escapeHtml(title)}</h1>${body}</html>`;

/** Text as HTML shows it. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
