// hello.<domain>:<port> → notes.<domain>:<port>. Opened in another way, it points to Gantry's default address.
const known = location.hostname.startsWith("hello.");
const domain = known ? location.host.slice("hello.".length) : "localhost:7080";
const protocol = known ? location.protocol : "http:";

for (const link of document.querySelectorAll("[data-app]")) link.href = `${protocol}//${link.dataset.app}.${domain}/`;
