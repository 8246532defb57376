import { expect, it } from "vitest";
import { quoteWords, splitWords } from "../../domain/split-words.ts";
import { completeLine, readLine } from "./tools.ts";

it.each([
  ["uvicorn main:app", "uvicorn main:app --host $HOST --port $PORT"],
  ["uvicorn main:app --port 8000", "uvicorn main:app --port 8000 --host $HOST"],
  ["uvicorn main:app --host=::1 --port=$PORT", "uvicorn main:app --host=::1 --port=$PORT"],
  ["uvicorn main:app --uds x.sock", "uvicorn main:app --uds x.sock"],
  ["python -m uvicorn main:app", "python -m uvicorn main:app --host $HOST --port $PORT"],
  ["python3.12 -X dev -m uvicorn a:b", "python3.12 -X dev -m uvicorn a:b --host $HOST --port $PORT"],
  ["gunicorn a:b -w 2", "gunicorn a:b -w 2 --bind $HOST:$PORT"],
  ["gunicorn a:b -b 0.0.0.0:$PORT", "gunicorn a:b -b 0.0.0.0:$PORT"],
  ["gunicorn a:b -b0.0.0.0:80", "gunicorn a:b -b0.0.0.0:80"],
  ["hypercorn a:b", "hypercorn a:b --bind $HOST:$PORT"],
  ["daphne a:b", "daphne a:b -b $HOST -p $PORT"],
  ["flask --app x run --debug", "flask --app x run --debug --host $HOST --port $PORT"],
  ["flask db upgrade", "flask db upgrade"],
  ["fastapi run main.py", "fastapi run main.py --host $HOST --port $PORT"],
  ["waitress-serve a:b", "waitress-serve --listen=$HOST:$PORT a:b"],
  [
    "streamlit run x.py -- --flag",
    "streamlit run x.py --server.address $HOST --server.port $PORT --server.headless true -- --flag",
  ],
  ["python manage.py runserver", "python manage.py runserver $HOST:$PORT"],
  ["python manage.py runserver --noreload", "python manage.py runserver --noreload $HOST:$PORT"],
  ["python manage.py runserver 0.0.0.0:8000", "python manage.py runserver 0.0.0.0:8000"],
  ["python manage.py runserver $PORT", "python manage.py runserver $PORT"],
  ["./manage.py runserver", "python ./manage.py runserver $HOST:$PORT"],
  ["python manage.py migrate", "python manage.py migrate"],
  ["python -m http.server", "python -m http.server $PORT --bind $HOST"],
  ["python -m http.server 8000", "python -m http.server 8000 --bind $HOST"],
  ["poetry run uvicorn a:b", "uvicorn a:b --host $HOST --port $PORT"],
  ["uv run main.py --x", "python main.py --x"],
  ["uv run --frozen custom", "custom"],
  ["python worker.py", "python worker.py"],
])("%s", (line, expected) => {
  expect(quoteWords(completeLine(readLine(splitWords(line))!))).toBe(expected);
});

it.each(["node server.js", "./start.sh", "go run .", ""])("%j is none of Python's", (line) => {
  expect(readLine(splitWords(line))).toBeNull();
});
