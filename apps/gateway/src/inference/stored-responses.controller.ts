import { Controller, Delete, Get, Post } from '@nestjs/common';
import { StoredResponsesService } from './stored-responses.service.ts';

@Controller('v1/responses/:id')
export class StoredResponsesController {
  constructor(private readonly responses: StoredResponsesService) {}

  @Get()
  find(): never {
    return this.responses.refuse();
  }

  @Delete()
  remove(): never {
    return this.responses.refuse();
  }

  @Get('input_items')
  listInputs(): never {
    return this.responses.refuse();
  }

  @Post('cancel')
  cancel(): never {
    return this.responses.refuse();
  }
}
