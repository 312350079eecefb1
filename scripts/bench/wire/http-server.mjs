import Fastify from 'fastify'

const app = Fastify({ bodyLimit: 16 * 1024 * 1024 })
app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
app.post('/echo', (request, reply) => reply.type('application/octet-stream').send(request.body))
const address = await app.listen({ host: '127.0.0.1', port: 0 })
process.stdin.on('end', () => app.close()).resume()
console.log(JSON.stringify({ address }))
