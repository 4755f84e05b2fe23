import { MigrationInterface, QueryRunner, TableIndex } from 'typeorm'

export class Index1709300000000 implements MigrationInterface {
  transaction = false

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE INDEX CONCURRENTLY "boats_title_idx" ON "boats" ("title")')
    await queryRunner.createIndex('boats', new TableIndex({ name: 'boats_note_idx', columnNames: ['note'] }))
    await queryRunner.dropForeignKey('boats', 'boats_owner_fkey')
  }

  public async down(): Promise<void> {}
}
