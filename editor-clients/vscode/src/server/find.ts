/** Where the server is: in the settings, in the workspace's virtual environment, on the path. */

import { access, constants } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

export interface Wish {
  /** The setting: program and arguments; empty where it is not set. */
  command: readonly string[]
  /** Folders of the workspace whose virtual environments may be used; none where the workspace is not trusted. */
  folders: readonly string[]
  environment: { readonly PATH?: string | undefined; readonly VIRTUAL_ENV?: string | undefined }
}

export interface Found {
  program: string
  arguments: string[]
}

const IS_WINDOWS = process.platform === 'win32'
const ENVIRONMENTS = ['.venv', 'venv']

/** The first server there is. */
export async function findServer(wish: Wish): Promise<Found | undefined> {
  const [named, ...rest] = wish.command
  if (named) return { program: expandHome(named), arguments: rest }
  for (const candidate of candidates(wish)) {
    if (await isProgram(candidate)) return { program: candidate, arguments: ['serve'] }
  }
  return undefined
}

/** A program by its name, on the path. */
export async function findOnPath(name: string, path: string | undefined): Promise<string | undefined> {
  for (const folder of pathFolders(path)) {
    const candidate = join(folder, IS_WINDOWS ? `${name}.exe` : name)
    if (await isProgram(candidate)) return candidate
  }
  return undefined
}

function candidates({ folders, environment }: Wish): string[] {
  const bin = IS_WINDOWS ? 'Scripts' : 'bin'
  const program = IS_WINDOWS ? 'dragoman.exe' : 'dragoman'
  const ownEnvironments = folders.flatMap((folder) => ENVIRONMENTS.map((name) => join(folder, name, bin)))
  const active = environment.VIRTUAL_ENV ? [join(environment.VIRTUAL_ENV, bin)] : []
  // Editors that were not started from a shell often lack the last one in their path; pipx and uv install there.
  const installed = [...pathFolders(environment.PATH), join(homedir(), '.local', 'bin')]
  return [...ownEnvironments, ...active, ...installed].map((folder) => join(folder, program))
}

function pathFolders(path: string | undefined): string[] {
  return (path ?? '').split(delimiter).filter((folder) => folder !== '')
}

function expandHome(program: string): string {
  return program.startsWith('~/') ? join(homedir(), program.slice(2)) : program
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    return false // not there, or not to be run
  }
}
