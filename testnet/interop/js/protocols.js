// Echo and perf, both sides.
import { createHash, randomBytes } from 'node:crypto'

const ECHO = '/echo/1.0.0'
const PERF = '/perf/1.0.0'
const BLOCK = 65536
const ZEROS = new Uint8Array(BLOCK)

export async function serveAll (node) {
  await node.handle(ECHO, serveEcho)
  await node.handle(PERF, servePerf, { maxInboundStreams: 256 })
}

// Sends back what comes, and ends when the other side does.
async function serveEcho (stream) {
  for await (const chunk of stream) {
    await send(stream, chunk.subarray())
  }
  await stream.close()
}

// Sends random bytes, and tells whether the same came back.
export async function echo (connection, bytes) {
  const stream = await connection.newStream(ECHO)
  const sent = createHash('sha256')
  const received = createHash('sha256')
  const reading = (async () => {
    for await (const chunk of stream) {
      received.update(chunk.subarray())
    }
  })()
  for (let left = bytes; left > 0; left -= BLOCK) {
    const block = randomBytes(Math.min(BLOCK, left))
    sent.update(block)
    await send(stream, block)
  }
  await stream.close()
  await reading
  return sent.digest('hex') === received.digest('hex')
}

// The server of libp2p/specs perf: a number, what the client sends, then so many bytes.
async function servePerf (stream) {
  const head = new Uint8Array(8)
  let got = 0
  for await (const chunk of stream) {
    if (got < head.length) {
      const part = chunk.subarray(0, head.length - got)
      head.set(part, got)
      got += part.length
    }
  }
  if (got < head.length) {
    stream.abort(new Error('perf: no number'))
    return
  }
  await sendZeros(stream, Number(new DataView(head.buffer).getBigUint64(0)))
  await stream.close()
}

// Sends and receives so many bytes over a stream of its own.
export async function perf (connection, up, down) {
  const stream = await connection.newStream(PERF, { maxOutboundStreams: 256 })
  let received = 0
  const reading = (async () => {
    for await (const chunk of stream) {
      received += chunk.byteLength
    }
  })()
  const head = new Uint8Array(8)
  new DataView(head.buffer).setBigUint64(0, BigInt(down))
  await send(stream, head)
  await sendZeros(stream, up)
  await stream.close()
  await reading
  if (received !== down) {
    throw new Error(`perf: ${received} of ${down} bytes came`)
  }
}

async function sendZeros (stream, bytes) {
  for (let left = bytes; left > 0; left -= BLOCK) {
    await send(stream, left < BLOCK ? ZEROS.subarray(0, left) : ZEROS)
  }
}

async function send (stream, bytes) {
  if (!stream.send(bytes)) {
    await stream.onDrain()
  }
}
