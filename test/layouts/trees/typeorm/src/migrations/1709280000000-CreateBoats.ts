import { MigrationInterface, QueryRunner, Table, TableColumn } from 'typeorm'

export class CreateBoats1709280000000 implements MigrationInterface {
  name = 'CreateBoats1709280000000'

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'boats',
        columns: [
          { name: 'id', type: 'bigint', isPrimary: true },
          { name: 'title', type: 'text', isNullable: true },
        ],
      }),
    )
    await queryRunner.addColumn('boats', new TableColumn({ name: 'length', type: 'integer', isNullable: true }))
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('boats')
  }
}
