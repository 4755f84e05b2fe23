module Clinic; end
