-- AlterTable
ALTER TABLE "User" ALTER COLUMN "email" SET NOT NULL;

-- CreateIndex
CREATE INDEX CONCURRENTLY "User_id_email_idx" ON "User"("id", "email");
