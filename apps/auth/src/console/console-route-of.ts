import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { ConsoleRoute } from '@orgn/console-api';
import { CONSOLE_ROUTE } from './implements.decorator.ts';

/** The route that a handler implements; undefined: it is no part of the console API and guards itself. */
export function consoleRouteOf(reflector: Reflector, context: ExecutionContext): ConsoleRoute | undefined {
  return reflector.get<ConsoleRoute | undefined>(CONSOLE_ROUTE, context.getHandler());
}
