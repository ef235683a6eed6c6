// The local RabbitMQ: a private node of the installed server, on loopback, in a folder of its own, with an own epmd (Erlang's
// directory of nodes) and cookie, so that no other node on this machine is touched. Needs no service, no root.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Environment } from '../config.ts'
import { failure } from '../error/failure.ts'
import { findProgram, isProgram, type ReportLine } from './command.ts'
import { answers, freePort } from './ports.ts'
import { type Running, type Supervisor, whenReady } from './process.ts'

export interface RabbitOptions {
  readonly environment: Environment
  readonly report: ReportLine
  readonly supervisor: Supervisor
  /** Where the node keeps its data; made when missing. */
  readonly folder: string
  /** Whether the management UI is served. Costs some seconds of start and 20 MB. */
  readonly management?: boolean
  /** Ports that would be nice; others are taken when these are in use. */
  readonly port?: number
  readonly managementPort?: number
}

/** A RabbitMQ broker that answers; `url` is its AMQP URL. */
export interface Rabbit {
  readonly url: string
  /** The management UI, with `guest` as user and password. */
  readonly ui: string | undefined
  /** The Erlang VM: kill -9 of its pid is a crash. Undefined when AMQP_URL named a broker that is not ours. */
  readonly running: Running | undefined
  /** Starts the same node again, on the same port and data, after its process has ended. */
  restart(): Promise<Rabbit>
  /** The environment and the folder for the command-line tools of this node. */
  readonly tools: { readonly environment: Environment; readonly folder: string; readonly node: string } | undefined
}

/** The scripts of a package, which start a node without asking for the service's user as the ones in /usr/sbin do. */
export function rabbitScripts(environment: Environment): string | undefined {
  const candidates: string[] = []
  const debian = '/usr/lib/rabbitmq/lib'
  if (existsSync(debian)) {
    const versions = readdirSync(debian).filter((name) => name.startsWith('rabbitmq_server-'))
    for (const version of versions.sort().reverse()) candidates.push(join(debian, version, 'sbin'))
  }
  candidates.push('/opt/homebrew/opt/rabbitmq/sbin', '/usr/local/opt/rabbitmq/sbin', '/opt/rabbitmq/sbin')
  const home = environment.RABBITMQ_HOME
  if (home) candidates.unshift(join(home, 'sbin'))
  return candidates.find((folder) => isProgram(join(folder, 'rabbitmq-server')))
}

function epmdProgram(environment: Environment): string | undefined {
  const erlang = '/usr/lib/erlang'
  const versions = existsSync(erlang) ? readdirSync(erlang).filter((name) => name.startsWith('erts-')) : []
  const bundled = versions.map((name) => join(erlang, name, 'bin', 'epmd')).find(isProgram)
  return findProgram('epmd', environment) ?? bundled
}

/** Whether an AMQP 0-9-1 broker answers: its Connection.Start is a method frame (type 1) on channel 0. */
export function speaksAmqp(host: string, port: number, timeoutMs = 2000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () => settle(false))
    socket.once('error', () => settle(false))
    socket.once('close', () => settle(false))
    socket.once('connect', () => socket.write(Buffer.from('AMQP\x00\x00\x09\x01', 'latin1')))
    socket.once('data', (bytes) => settle(bytes[0] === 1 && bytes[1] === 0 && bytes[2] === 0))
  })
}

async function given(url: string): Promise<Rabbit> {
  const { hostname, port, protocol } = new URL(url)
  const secure = protocol === 'amqps:'
  const number = Number(port || (secure ? 5671 : 5672))
  // Under TLS the first word is the client's handshake, so there only the port is asked for.
  const there = secure ? await answers(number, hostname, 5000) : await speaksAmqp(hostname, number, 5000)
  if (!there) {
    throw failure('PART_UNREACHABLE', { part: 'RabbitMQ', setting: 'AMQP_URL', address: `${hostname}:${number}` })
  }
  const broker: Rabbit = { url, ui: undefined, running: undefined, restart: async () => broker, tools: undefined }
  return broker
}

function missing() {
  return failure('PART_MISSING', {
    part: 'RabbitMQ',
    get: 'install it (Debian and Ubuntu: apt-get install rabbitmq-server; macOS: brew install rabbitmq), or set AMQP_URL to a running broker',
  })
}

interface Ports {
  readonly amqp: number
  readonly distribution: number
  readonly epmd: number
  readonly management: number
}

const node = 'mainspan@localhost'

function nodeEnvironment(options: RabbitOptions, ports: Ports): Environment {
  const at = (name: string) => join(options.folder, name)
  return {
    ...options.environment,
    // Holds .erlang.cookie.
    HOME: at('home'),
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: node,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(ports.amqp),
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_MNESIA_BASE: at('data'),
    RABBITMQ_LOG_BASE: at('log'),
    RABBITMQ_LOGS: at('log/node.log'),
    RABBITMQ_PID_FILE: at('node.pid'),
    RABBITMQ_ENABLED_PLUGINS_FILE: at('enabled_plugins'),
    RABBITMQ_CONFIG_FILE: at('rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    // Makes the script become the Erlang VM instead of standing in front of it: signals then reach the VM.
    RUNNING_UNDER_SYSTEMD: '1',
    NOTIFY_SOCKET: undefined,
  }
}

function writeSettings(options: RabbitOptions, ports: Ports): void {
  for (const name of ['home', 'data', 'log']) mkdirSync(join(options.folder, name), { recursive: true })
  const settings = [
    'log.console = true',
    'log.console.level = warning',
    'vm_memory_high_watermark.absolute = 1GB',
    'disk_free_limit.absolute = 50MB',
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${ports.management}`,
  ]
  writeFileSync(join(options.folder, 'rabbitmq.conf'), `${settings.join('\n')}\n`)
  const plugins = options.management ? 'rabbitmq_management' : ''
  writeFileSync(join(options.folder, 'enabled_plugins'), `[${plugins}].\n`)
}

/** Uses the broker of AMQP_URL, or starts a private node and waits until it speaks AMQP. Throws PART_MISSING when it is not installed. */
export async function startRabbit(options: RabbitOptions): Promise<Rabbit> {
  const url = options.environment.AMQP_URL
  if (url) return given(url)
  const scripts = rabbitScripts(options.environment)
  const epmd = epmdProgram(options.environment)
  if (!scripts || !epmd) throw missing()
  const ports: Ports = {
    amqp: await freePort(options.port),
    distribution: await freePort(),
    epmd: await freePort(),
    management: await freePort(options.managementPort),
  }
  writeSettings(options, ports)
  const environment = nodeEnvironment(options, ports)
  // Started by us, since the one that Erlang starts by itself is a daemon and would outlive us.
  const args = ['-port', String(ports.epmd), '-address', '127.0.0.1']
  const directory = await options.supervisor.start('RabbitMQ epmd', epmd, args, { environment, graceMs: 2000 })
  await whenReady(directory, 10, async () => ((await answers(ports.epmd)) ? true : undefined))

  async function startNode(): Promise<Rabbit> {
    options.report('starting RabbitMQ')
    const program = join(scripts ?? '', 'rabbitmq-server')
    const running = await options.supervisor.start('RabbitMQ', program, [], { environment, graceMs: 20_000 })
    await whenReady(running, 90, async () => ((await speaksAmqp('127.0.0.1', ports.amqp)) ? true : undefined))
    return {
      url: `amqp://guest:guest@127.0.0.1:${ports.amqp}`,
      ui: options.management ? `http://127.0.0.1:${ports.management}` : undefined,
      running,
      restart: startNode,
      tools: { environment, folder: scripts ?? '', node },
    }
  }
  return startNode()
}
