class CreatePatients < ActiveRecord::Migration[7.1]
end
