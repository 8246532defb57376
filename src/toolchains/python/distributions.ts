// Which modules come with which distributions, where the names do not tell.
import { normalName } from "./requirements.ts";

/** Module → distribution, where the two differ. */
export const DISTRIBUTIONS: Record<string, string> = {
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

/** Other distributions with modules that have other names: with blanks between. */
const PROVIDES: Record<string, string> = {
  "antlr4-python3-runtime": "antlr4",
  beautifulsoup4: "bs4",
  biopython: "Bio",
  "django-rest-framework": "rest_framework",
  "djangorestframework-simplejwt": "rest_framework_simplejwt",
  "google-cloud-storage": "google",
  "grpcio-tools": "grpc_tools",
  grpcio: "grpc",
  "importlib-metadata": "importlib_metadata",
  "mysql-connector": "mysql",
  "opencv-contrib-python": "cv2",
  "opencv-contrib-python-headless": "cv2",
  "opencv-python": "cv2",
  protobuf: "google",
  psycopg2: "psycopg2",
  "psycopg-binary": "psycopg",
  pycrypto: "Crypto",
  pycryptodomex: "Cryptodome",
  pyqt5: "PyQt5",
  pyqt6: "PyQt6",
  "python-levenshtein": "Levenshtein",
  pywin32: "win32api win32con",
  "pytest-asyncio": "pytest_asyncio",
  setuptools: "setuptools pkg_resources",
  "sqlalchemy-utils": "sqlalchemy_utils",
  "tensorflow-cpu": "tensorflow",
  "umap-learn": "umap",
  websockets: "websockets",
};

/** What a distribution brings along that people import as if they had asked for it. */
const BRINGS: Record<string, string> = {
  aiohttp: "multidict yarl attrs frozenlist",
  boto3: "botocore s3transfer urllib3",
  celery: "kombu billiard vine amqp",
  django: "asgiref sqlparse",
  fastapi: "starlette pydantic pydantic-core typing-extensions anyio idna sniffio annotated-types",
  "fastapi-cli": "uvicorn typer",
  flask: "werkzeug jinja2 click itsdangerous markupsafe blinker",
  "flask-sqlalchemy": "flask sqlalchemy",
  httpx: "httpcore h11 certifi anyio idna sniffio",
  jinja2: "markupsafe",
  langchain: "langchain-core pydantic requests pyyaml sqlalchemy",
  matplotlib: "numpy pillow python-dateutil packaging",
  openai: "httpx pydantic anyio typing-extensions tqdm",
  pandas: "numpy python-dateutil pytz six",
  pydantic: "pydantic-core typing-extensions annotated-types",
  "pydantic-settings": "pydantic python-dotenv",
  requests: "urllib3 certifi idna charset-normalizer",
  "scikit-learn": "numpy scipy joblib",
  scipy: "numpy",
  sqlalchemy: "greenlet typing-extensions",
  sqlmodel: "sqlalchemy pydantic",
  starlette: "anyio typing-extensions",
  streamlit: "pandas numpy requests pillow tornado altair packaging",
  torch: "numpy typing-extensions sympy networkx jinja2",
  transformers: "numpy requests pyyaml tqdm packaging filelock",
  typer: "click rich typing-extensions",
  uvicorn: "click h11",
};

/** With extras of any kind these come, too. */
const WITH_EXTRAS: Record<string, string> = {
  fastapi:
    "uvicorn httpx jinja2 python-multipart fastapi-cli typer email-validator pydantic-settings websockets orjson",
  uvicorn: "websockets httptools watchfiles uvloop python-dotenv pyyaml",
  passlib: "bcrypt argon2-cffi",
  "python-jose": "cryptography",
  starlette: "httpx jinja2 python-multipart itsdangerous pyyaml",
};

/** The top-level modules that requirements bring, themselves or through others, as far as it is known. Names in lower case. */
export function modulesOfAll(requirements: Iterable<{ name: string; extras: boolean }>): Set<string> {
  const modules = new Set<string>();
  const done = new Set<string>();
  const open = [...requirements];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const name = normalName(next.name);
    for (const module of modulesOf(name)) modules.add(module.toLowerCase());
    if (done.has(name) && !next.extras) continue;
    done.add(name);
    const more = [BRINGS[name], next.extras ? WITH_EXTRAS[name] : undefined];
    for (const other of more.flatMap((list) => list?.split(" ") ?? []))
      open.push({ name: other, extras: false });
  }
  return modules;
}

function modulesOf(distribution: string): string[] {
  const plain = distribution.replaceAll("-", "_");
  const stem = plain.replace(/^python_|_python$|^py(?=[a-z]{3})/, "");
  return [
    plain,
    stem,
    plain.split("_")[0] ?? plain,
    ...(BY_DISTRIBUTION.get(distribution) ?? []),
    ...(PROVIDES[distribution]?.split(" ") ?? []),
  ];
}

const BY_DISTRIBUTION = new Map<string, string[]>();
for (const [module, distribution] of Object.entries(DISTRIBUTIONS))
  BY_DISTRIBUTION.set(distribution, [...(BY_DISTRIBUTION.get(distribution) ?? []), module]);
