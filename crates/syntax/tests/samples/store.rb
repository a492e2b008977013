#!/usr/bin/env ruby
# frozen_string_literal: true

require_relative "task"

=begin
Keeps tasks.
=end
module Tasks
  class NotFound < StandardError; end

  # A store of tasks by their identifier.
  class Store < Base
    include Enumerable

    MAX_ITEMS = 1_000
    attr_reader :items, :path
    @@count = 0

    def initialize(path, limit: 0x10, *rest, **options, &block)
      super(path)
      @items = { "id" => nil, done: true, :old => 1.5e3 }
      $stderr.puts "bad #{path.to_s}\n" if limit >= MAX_ITEMS && !rest.empty?
      self.items = options
    end

    def self.open(path) = new(path)

    def each
      return enum_for(:each) unless block_given?

      @items.each_with_index do |(key, item), i|
        next if key =~ /^a[0-9]+\.#{key}$/i
        yield item, i
      end
    rescue NotFound, ArgumentError => e
      raise e, 'it is gone'
    ensure
      @@count += 1
    end

    def find(key)
      case key
      when String, 1..9 then puts(<<~TEXT)
        No #{key} here.
      TEXT
      else
        %w[a b].map(&:upcase)
      end
    end

    private

    alias old_find find
    def ready? = @items&.any? { |t| t.done? } || false
  end
end

while (line = gets) and not line.empty?
  puts Tasks::Store.open(__FILE__).find(`ls`) ? ?a : -> (n = 1) { n ** 2 }
end

__END__
name: @data is no "code" here
