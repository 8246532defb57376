// Guesses requirements from imports, for projects that name none.
import type { Inspection } from "./inspect.ts";
import { reachable } from "./inspect.ts";

/** Module → distribution, where the two differ. */
const DISTRIBUTIONS: Record<string, string> = {
  attr: "attrs",
  bs4: "beautifulsoup4",
  bson: "pymongo",
  channels: "channels",
  corsheaders: "django-cors-headers",
  Crypto: "pycryptodome",
  cv2: "opencv-python-headless",
  dateutil: "python-dateutil",
  discord: "discord.py",
  dns: "dnspython",
  docx: "python-docx",
  dotenv: "python-dotenv",
  environ: "django-environ",
  fitz: "pymupdf",
  flask_cors: "flask-cors",
  flask_login: "flask-login",
  flask_migrate: "flask-migrate",
  flask_sqlalchemy: "flask-sqlalchemy",
  flask_socketio: "flask-socketio",
  flask_wtf: "flask-wtf",
  git: "gitpython",
  github: "pygithub",
  jose: "python-jose",
  jwt: "pyjwt",
  kafka: "kafka-python",
  ldap3: "ldap3",
  lxml: "lxml",
  magic: "python-magic",
  markdown: "markdown",
  memcache: "python-memcached",
  multipart: "python-multipart",
  mysql: "mysql-connector-python",
  MySQLdb: "mysqlclient",
  nacl: "pynacl",
  OpenSSL: "pyopenssl",
  paho: "paho-mqtt",
  PIL: "pillow",
  pkg_resources: "setuptools",
  pptx: "python-pptx",
  psycopg2: "psycopg2-binary",
  pydantic_settings: "pydantic-settings",
  rest_framework: "djangorestframework",
  ruamel: "ruamel.yaml",
  serial: "pyserial",
  skimage: "scikit-image",
  sklearn: "scikit-learn",
  slugify: "python-slugify",
  socketio: "python-socketio",
  sse_starlette: "sse-starlette",
  telegram: "python-telegram-bot",
  usb: "pyusb",
  websocket: "websocket-client",
  yaml: "pyyaml",
  zmq: "pyzmq",
};

/** Comes with another one, or with the machine. */
const NOT_TO_BE_HAD = new Set([
  "gi",
  "google",
  "apt",
  "dbus",
  "distutils",
  "setuptools",
  "pip",
  "_typeshed",
  "__main__",
]);

/** The distributions that the entry and everything it imports need, in the order of the alphabet. */
export function inferredRequirements(inspection: Inspection, entryFile: string | null): string[] {
  const files = entryFile === null ? inspection.files : reachable(inspection, entryFile);
  const found = new Set<string>();
  for (const name of files.flatMap((file) => file.far)) {
    if (NOT_TO_BE_HAD.has(name) || !/^[A-Za-z]\w*$/.test(name)) continue;
    found.add(DISTRIBUTIONS[name] ?? name.toLowerCase().replaceAll("_", "-"));
  }
  const uses = (name: string) => files.some((file) => file.far.includes(name));
  if (uses("fastapi") && files.some((file) => file.form)) found.add("python-multipart");
  if ((uses("fastapi") || uses("starlette")) && files.some((file) => file.templates)) found.add("jinja2");
  return [...found].toSorted();
}
