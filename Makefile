# 上城区城市管理驾驶舱: what a user and a developer need, one word each.

PORT ?= 8501
ADDRESS ?= 127.0.0.1
EDIT ?= $(COCKPIT_EDITING)
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: help run test bench lint build check clean

help: ## 列出全部命令
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(VENV)/.app ## 安装、生成默认数据并启动驾驶舱（PORT=8501 ADDRESS=127.0.0.1；EDIT=1 允许导入）
	@test -f "$${COCKPIT_STORE:-store}/CURRENT" || $(RUN) -m data build
	COCKPIT_EDITING=$(EDIT) $(VENV)/bin/streamlit run app.py --server.port $(PORT) --server.address $(ADDRESS)

build: $(VENV)/.app ## 重新生成并发布默认数据
	$(RUN) -m data build

check: $(VENV)/.app ## 按数据契约检查当前数据
	$(RUN) -m data check

test: $(VENV)/.dev debian ## 安装所需并运行全部测试（含浏览器测试）
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(RUN) -m pytest -m "not browser" -n 2 --dist loadfile
	$(RUN) -m pytest -m browser

bench: $(VENV)/.dev debian ## 测量页面用时与流量，写入 bench/RESULTS.md
	$(RUN) -m bench

lint: $(VENV)/.dev ## 检查并整理代码格式
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

clean: ## 删除虚拟环境、数据快照与缓存
	rm -rf $(VENV) store static/basemap .pytest_cache .ruff_cache

$(VENV)/.app: requirements.txt
	test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt $(VENV)/.app
	$(RUN) -m pip install --quiet -r requirements-dev.txt
	touch $@

# Browser tests need a Chromium and Chinese fonts, PostGIS tests a PostgreSQL: installed from Debian
# where we may.
DEBIAN := chromium fonts-noto-cjk fontconfig postgresql-15 postgresql-15-postgis-3
.PHONY: debian
debian:
	@if command -v chromium >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q . \
		&& test -e /usr/lib/postgresql/15/lib/postgis-3.so; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends $(DEBIAN) >/dev/null; \
	else echo "未找到 chromium、中文字体或 PostGIS，且无权安装：所需的测试将跳过。"; fi
