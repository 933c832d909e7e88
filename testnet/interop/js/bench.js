// bench.js [options of node.js] MULTIADDR MEASUREMENT...
// Makes each measurement of a peer, and prints one JSON object a line:
//
//   throughput=STREAMS:UP:DOWN  perf on one connection; bytes of all streams together
//   pings=COUNT                 round trips over one stream
//   dials=COUNT                 a new connection and a first ping each, one after another
//   handshakes=MILLIS:HOSTS     how many connections so many hosts make, each one after another
import { multiaddr } from '@multiformats/multiaddr'
import { commandLine, say, startNode } from './node.js'
import { perf } from './protocols.js'

const PING = '/ipfs/ping/1.0.0'
const PING_BYTES = 32
const options = commandLine()
const [target, ...measurements] = options.rest
const address = multiaddr(target)

const MEASUREMENTS = {
  async throughput (node, streams, up, down) {
    const connection = await node.dial(address)
    const start = performance.now()
    await Promise.all(Array.from({ length: streams }, () =>
      perf(connection, Math.floor(up / streams), Math.floor(down / streams))))
    return { seconds: (performance.now() - start) / 1e3 }
  },

  async pings (node, count) {
    const ping = await pinger(await node.dial(address))
    const micros = []
    for (let i = 0; i < count; i++) {
      micros.push(await ping())
    }
    return { micros }
  },

  async dials (node, count) {
    const micros = []
    for (let i = 0; i < count; i++) {
      const start = performance.now()
      const connection = await node.dial(address)
      await (await pinger(connection))()
      micros.push((performance.now() - start) * 1e3)
      await connection.close()
    }
    return { micros }
  },

  async handshakes (node, millis, hosts) {
    const nodes = await Promise.all(Array.from({ length: hosts }, newNode))
    let count = 0
    const start = performance.now()
    await Promise.all(nodes.map(async (each) => {
      while (performance.now() - start < millis) {
        const connection = await each.dial(address)
        count++
        await connection.close()
      }
    }))
    const seconds = (performance.now() - start) / 1e3
    await Promise.all(nodes.map((each) => each.stop()))
    return { count, seconds }
  }
}

for (const measurement of measurements) {
  const [name, value] = measurement.split('=')
  const node = await newNode()
  const result = await MEASUREMENTS[name](node, ...value.split(':').map(Number))
  await node.stop()
  say({ measurement, ...result })
}
// A pipe takes 64 KiB at once, and exit() does not wait for the rest.
process.stdout.write('', () => process.exit(0))

function newNode () {
  return startNode(options, { listening: false })
}

// The ping service tells whole milliseconds only. Returns a function that pings over one stream.
async function pinger (connection) {
  const stream = await connection.newStream(PING)
  const bytes = new Uint8Array(PING_BYTES)
  let left = 0
  let answered
  stream.addEventListener('message', ({ data }) => {
    left -= data.byteLength
    if (left <= 0) {
      answered()
    }
  })
  return async () => {
    left = PING_BYTES
    const start = performance.now()
    const answer = new Promise((resolve) => { answered = resolve })
    stream.send(bytes)
    await answer
    return (performance.now() - start) * 1e3
  }
}
