# Asks the API as a signed-in user and prints each answer as one JSON line:  ask.py URL LOGIN PASSWORD-FILE PATH...
# {organization} in a path is the first organization of the user.
import http.cookiejar
import json
import pathlib
import sys
import urllib.request

url, login, password_file, *paths = sys.argv[1:]
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
credentials = {"login": login, "password": pathlib.Path(password_file).read_text().strip()}
request = urllib.request.Request(url + "/api/v1/session", json.dumps(credentials).encode(),
                                 {"Content-Type": "application/json", "Origin": url})
session = json.load(opener.open(request, timeout=20))
organization = session["organizations"][0]["id"]
for path in paths:
    with opener.open(url + "/api/v1" + path.format(organization=organization), timeout=20) as answer:
        print(json.dumps(json.load(answer)))
