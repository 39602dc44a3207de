-- For wrk: posts BENCH_BODY with the headers of BENCH_HEADERS (lines "name: value"), prints one line of JSON.
wrk.method = "POST"
wrk.body = os.getenv("BENCH_BODY")
for line in os.getenv("BENCH_HEADERS"):gmatch("[^\n]+") do
  local name, value = line:match("^([^:]+): (.*)$")
  wrk.headers[name] = value
end

-- BENCH_KEYS: a file with a key a line, which take turns.
local file = os.getenv("BENCH_KEYS")
if file then
  local requests, turn = {}, 0
  function init()
    for key in io.lines(file) do
      wrk.headers["authorization"] = "Bearer " .. key
      requests[#requests + 1] = wrk.format()
    end
  end
  function request()
    turn = turn % #requests + 1
    return requests[turn]
  end
end

function done(summary, latency)
  local errors = summary.errors
  local bad = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  print(string.format('RESULT {"requests":%d,"us":%d,"bad":%d,"p50":%d,"p99":%d}',
    summary.requests, summary.duration, bad, latency:percentile(50), latency:percentile(99)))
end
